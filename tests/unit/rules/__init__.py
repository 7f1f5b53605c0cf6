"""Case files, and a second reading of the language to compare with."""
