"""Arrays and numbers in, terminal cells out: pictures, plots, bars, scatters and number formats."""
