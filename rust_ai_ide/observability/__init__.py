"""What the engine says about its own work while it works: typed events. Start at `events.py`."""
