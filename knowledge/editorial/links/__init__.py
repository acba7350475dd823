"""Do the web addresses in the published records still lead somewhere?"""
