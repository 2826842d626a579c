"""The slow, literal oracle: what a table says, written from the design pages and from nothing else.

Plain dictionaries and loops, masses as fractions. Each rule is quoted beside its lines. `years` settles years,
`numbers` adds them up, `use` says what each statement does, `conflicts` compares sources and `claims` tests
sentences. The random studies of `strategies` are small enough for it. Nothing here imports the package that it
judges.
"""
