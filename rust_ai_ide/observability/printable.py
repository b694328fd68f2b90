"""Text from outside, made safe to show: control and direction characters become visible escapes."""

import re

UNPRINTABLE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def printable(text: str) -> str:
    r"""Return `text` with every character that could steer a terminal or reorder a line shown as `\u{..}`."""
    return UNPRINTABLE.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", text)
