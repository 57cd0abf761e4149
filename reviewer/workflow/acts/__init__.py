"""The acts that move clocks: each asks the engine first, and is written with its milestone."""
