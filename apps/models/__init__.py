"""Model versions: which there are, which is active, loading them into runtimes, and the interface for other editors.

`registry` keeps the table in step with the model folders, `runtimes` asks the runtime processes, `forwarding` hands
requests of outside clients on to them.
"""
