"""The law of the day: statutes, versions by date, articles, sanctions."""
