"""The translation desk: what is missing where, source and target side by side, locked words, translators' files, machine translation."""
