"""Pacing: everything that talks to Graph keeps within its quotas, over all instances together."""
