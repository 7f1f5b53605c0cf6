"""Random schedules over the office: what happens, what must hold meanwhile, where it ends."""
