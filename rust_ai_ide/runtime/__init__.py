"""Local models: from a folder of weights to a stream of text.

`manifest` says what a model folder holds, `weights` reads the shapes of its weights, `memory` computes what loading it
needs, `generating` runs CTranslate2, `host` keeps the loaded models, `server` speaks HTTP. `context` chooses what of a
repository a model is shown. Only the runtime process holds models; every other process uses `client`.
"""
