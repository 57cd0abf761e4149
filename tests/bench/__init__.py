"""The measurements: `./benchbook bench`. Ratios from one run, the floor rows beside them."""
