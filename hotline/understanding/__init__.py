"""All machine reading: fields, matter, urgency, mood, duplicates, series, summaries, drafts; training.

Text in, a frozen reading with engine, version, confidence and evidence spans out. It proposes; people decide.
"""
