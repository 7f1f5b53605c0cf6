"""The page of settings, written from the settings class, the timers and the Bicep files.

A new setting needs its docstring in `adapters/settings.py` and nothing here.
"""
