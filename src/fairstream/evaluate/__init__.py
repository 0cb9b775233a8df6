"""How good the rules are: labelled cases, lawful texts, baselines, evasive spellings."""
