"""The rule language and the rules: what is looked for, as data with its law, its proof and its cases."""
