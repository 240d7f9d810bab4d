"""The deploy gate: facts, an estimate, four rules, waivers, an answer."""
