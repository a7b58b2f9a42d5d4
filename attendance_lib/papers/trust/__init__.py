"""The trust's paper: many schools beside each other, from the counts that each sent."""
