"""Help while writing: the editor and its completions.

A page's socket (`consumers`) asks `completing`, which asks the cache and the runtime; `editing` opens and saves files.
"""
