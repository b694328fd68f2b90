"""Makes model folders out of models that others trained: Hugging Face folders with safetensors, and GGUF files.

`importing` is what callers use; it runs `converting` in a child process with bounds on memory and time. `inspecting`
and `gguf_files` refuse what cannot be converted before any weight is read, `vocabulary` reads tokenisers.
"""
