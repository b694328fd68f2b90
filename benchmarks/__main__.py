"""`python -m benchmarks`: every figure of the README, in one run on this machine."""

import os
import platform

from benchmarks import completion, context, crates, diff_page, editor, review, runtime, server, typing
from rust_ai_ide.runtime.library import SHIPPED

if __name__ == "__main__":
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    tokio = crates.bring("tokio")
    review.main(str(tokio), rounds=5)
    server.main(tokio)
    diff_page.main()
    context.main(cases=300)
    runtime.main(SHIPPED / "starter")
    editor.main(SHIPPED / "starter")
    typing.main(SHIPPED / "starter")
    completion.main(SHIPPED / "starter")
