"""Gives the tests a data directory of their own. Loaded as a plugin, before Django reads its settings."""

import os
import tempfile

os.environ["RUST_AI_IDE_HOME"] = tempfile.mkdtemp(prefix="rust-ai-ide-tests-")
os.environ["RUST_AI_IDE_MODEL_KEY"] = f"{tempfile.mkdtemp(prefix='rust-ai-ide-tests-key-')}/model.key"
os.environ.setdefault("RUST_AI_IDE_TRUSTED_HOSTS", "127.0.0.1")
