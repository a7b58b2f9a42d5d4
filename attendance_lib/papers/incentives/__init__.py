"""Rewards: the weekly raffle for punctuality and the six-weekly prize pot for attendance, with a draw that anyone can check."""
