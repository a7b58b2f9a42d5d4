"""The fortnightly pastoral pack."""
