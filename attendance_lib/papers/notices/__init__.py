"""The paper on penalty notices: could a referral go today, what is missing, and the evidence sheet of each parent."""
