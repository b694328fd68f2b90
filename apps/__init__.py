"""The Django side: one app for each part of the workbench, thin over the engine in `rust_ai_ide`.

A view parses a form, calls a service, renders. `common` has the shell, sign-in and the run log; the others build on it.
"""
