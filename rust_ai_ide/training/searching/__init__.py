"""Searches the settings of a fine-tuning: `space` says which, `samplers` how they are chosen, `job` does it.

Optuna chooses and prunes; each trial is a real training by the loop of `finetuning`, without an export.
"""
