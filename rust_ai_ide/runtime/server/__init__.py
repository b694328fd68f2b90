"""The runtime process: an ASGI application over a ModelHost.

`app` puts it together, `guard` decides who may ask, `openai` and `infill` speak to editors and clients, `control`
loads and unloads, `remembering` brings back after a crash what was loaded.
"""
