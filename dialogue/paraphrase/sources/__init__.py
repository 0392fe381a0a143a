"""Who rewords: one module a source, each with a class that replies to assignments."""
