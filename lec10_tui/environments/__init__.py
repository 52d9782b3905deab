"""What an agent acts in: adapters over gymnasium, and environments of our own, side by side in lanes."""
