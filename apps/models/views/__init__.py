"""Pages of models: versions and their state, keys of outside clients, the audit log."""
