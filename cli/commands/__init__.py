"""The commands, one file for each thing people do."""
