# Holds the firms as a Polars frame and a DuckDB table; says counts, or counts and sums of tokens, when asked.
import sys
import duckdb
import polars as pl

frame = pl.read_csv(sys.argv[1], infer_schema_length=None)
frame = frame.with_columns(pl.all().cast(pl.Int64)).rechunk()
duck = duckdb.connect()
duck.execute("CREATE TABLE firms AS SELECT * FROM read_csv(?, all_varchar = false, sample_size = -1)", [sys.argv[1]])
c = pl.col
rules = {"polars": [], "duckdb": []}
asked = 0


def at_least(k, members):
    certain = sum(member.fill_null(False).cast(pl.Int32) for member in members)
    possible = sum(member.fill_null(True).cast(pl.Int32) for member in members)
    return pl.when(certain >= k).then(True).when(possible < k).then(False)


def chunks(of, size):
    return [of[first : first + size] for first in range(0, len(of), size)]


def polars(ids):
    rows = []
    for part in chunks(rules["polars"], 50):
        exprs = []
        for index, rule in enumerate(part):
            exprs += [rule.sum().alias(f"t{index}"), rule.is_null().sum().alias(f"u{index}")]
            if ids:
                token = c("token")
                exprs += [token.filter(rule).sum().alias(f"i{index}"), token.filter(rule.is_null()).sum().alias(f"j{index}")]
        said = frame.lazy().select(exprs).collect().row(0)
        rows += chunks(said, 4 if ids else 2)
    return rows


def selected(rule, ids):
    said = f"count(*) FILTER (WHERE {rule}), count(*) FILTER (WHERE {rule} IS NULL)"
    return said + (f", sum(token) FILTER (WHERE {rule}), sum(token) FILTER (WHERE {rule} IS NULL)" if ids else "")


def duckdb_(ids):
    rows = []
    for part in chunks(rules["duckdb"], 10):
        said = duck.execute("SELECT " + ", ".join(selected(rule, ids) for rule in part) + " FROM firms").fetchone()
        rows += chunks(said, 4 if ids else 2)
    return rows


def one():
    # The ids of those that meet one rule or may, in one scan, kept where they are.
    global asked
    asked = (asked + 37) % len(rules["duckdb"])
    rule = rules["duckdb"][asked]
    duck.execute(f"CREATE OR REPLACE TEMP TABLE answer AS SELECT rowid AS firm, {rule} AS met FROM firms WHERE {rule} IS NOT FALSE")


for line in sys.stdin:
    verb, _, rest = line.strip().partition(" ")
    if verb == "rule":
        engine, _, text = rest.partition(" ")
        rules[engine].append(eval(text) if engine == "polars" else text)
        continue
    if verb == "answers":
        for row in polars(True) if rest == "polars" else duckdb_(True):
            print(" ".join(str(int(value or 0)) for value in row))
    if verb == "time":
        {"polars": lambda: polars(False), "duckdb": lambda: duckdb_(False), "one": one}[rest]()
    print("end")
