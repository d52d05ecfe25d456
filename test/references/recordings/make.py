"""Small recordings as other programs write them, and what they hold.

    python3 -m venv v && v/bin/pip install h5py==3.16.0 numpy==2.4.6 pyarrow==26.0.1
    v/bin/python test/references/recordings/make.py

writes the files beside this one. Layouts: imitation 1.0 (npz), Minari 0.5 and D4RL (HDF5).
"""

import json
import os
import sqlite3

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as parquet

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(0)
steps = [3, 0, 5, 2]
ends = ["terminated", "cut-off", "truncated", "terminated"]


def at(name):
    path = os.path.join(here, name)
    if os.path.exists(path):
        os.remove(path)
    return path


def said(episodes):
    return [
        {key: value.tolist() if hasattr(value, "tolist") else value for key, value in e.items()}
        for e in episodes
    ]


episodes = [
    {
        "observations": rng.standard_normal((n + 1, 2)).astype(np.float32),
        "actions": rng.standard_normal((n, 1)).astype(np.float32),
        "rewards": rng.standard_normal(n),
        "end": end,
    }
    for n, end in zip(steps, ends)
]
discrete = [
    {
        "observations": rng.integers(0, 9, n + 1),
        "actions": rng.integers(0, 3, n),
        "rewards": rng.standard_normal(n),
        "end": end,
    }
    for n, end in zip(steps, ends)
]


def npz(name, episodes, save):
    together = {k: np.concatenate([e[k] for e in episodes]) for k in ("actions", "rewards")}
    save(
        at(name),
        obs=np.concatenate([e["observations"] for e in episodes]),
        acts=together["actions"],
        rews=together["rewards"],
        infos=np.array([{} for _ in together["rewards"]], dtype=object),
        terminal=np.array([e["end"] == "terminated" for e in episodes]),
        indices=np.cumsum([len(e["actions"]) for e in episodes])[:-1],
    )


npz("imitation.npz", episodes, np.savez_compressed)
npz("imitationDiscrete.npz", discrete, np.savez)


def minari(name, episodes, observations):
    with h5py.File(at(name), "w") as file:
        for i, e in enumerate(episodes):
            n = len(e["actions"])
            group = file.create_group(f"episode_{i}")
            group.attrs["id"] = i
            group.attrs["total_steps"] = n
            group.attrs["seed"] = 7
            observations(group, e["observations"])
            group.create_dataset("actions", data=e["actions"])
            group.create_dataset("rewards", data=e["rewards"])
            last = np.arange(n) == n - 1
            group.create_dataset("terminations", data=last & (e["end"] == "terminated"))
            group.create_dataset("truncations", data=last & (e["end"] == "truncated"))
            group.create_group("infos")


minari("minari.hdf5", episodes, lambda g, o: g.create_dataset("observations", data=o))
minari("minariDiscrete.hdf5", discrete, lambda g, o: g.create_dataset("observations", data=o))


def in_parts(group, values):
    parts = group.create_group("observations")
    parts.create_dataset("observation", data=values[:, :1], compression="gzip")
    parts.create_dataset("achieved_goal", data=values[:, 1])


# Twelve episodes, so that episode_10 comes after episode_9.
many = [dict(episodes[i % 4]) for i in range(12)]
minari("minariParts.hdf5", many, in_parts)


def d4rl(name, episodes, timeouts, following):
    with h5py.File(at(name), "w") as file:
        flat = [e for e in episodes if len(e["actions"]) > 0]
        last = [np.arange(len(e["actions"])) == len(e["actions"]) - 1 for e in flat]
        put = lambda key, parts: file.create_dataset(
            key, data=np.concatenate(parts), compression="gzip"
        )
        put("observations", [e["observations"][:-1] for e in flat])
        put("actions", [e["actions"] for e in flat])
        put("rewards", [e["rewards"].astype(np.float32) for e in flat])
        put("terminals", [at_end & (e["end"] == "terminated") for at_end, e in zip(last, flat)])
        if timeouts:
            put("timeouts", [at_end & (e["end"] == "truncated") for at_end, e in zip(last, flat)])
        if following:
            put("next_observations", [e["observations"][1:] for e in flat])
        file.create_group("metadata").attrs["algorithm"] = "none"


cut = episodes[:3] + [dict(episodes[3], end="cut-off")]
d4rl("d4rl.hdf5", cut, True, False)
d4rl("d4rlNext.hdf5", cut, True, True)
d4rl("d4rlNoTimeouts.hdf5", cut, False, False)

table = pa.table(
    {
        "trip": ["a", "a", "b", None],
        "n": pa.array([1, 2, 2**53 + 1, None], pa.int64()),
        "small": pa.array([1, 2, 3, None], pa.int16()),
        "x": pa.array([0.1, -0.0, 1e300, None], pa.float64()),
        "x32": pa.array([0.1, -2.5, 3.0, None], pa.float32()),
        "ok": [True, False, None, True],
        "at": pa.array([0, 1_500_000, 2_000_001, None], pa.timestamp("us")),
        "zoned": pa.array([0, 1_500_000, 2_000_001, None], pa.timestamp("us", tz="UTC")),
        "day": pa.array([0, 1, 365, None], pa.date32()),
        "obs": pa.array([[1.0, 2.5], [3.0, 4.0], [5.0, 6.0], None], pa.list_(pa.float64(), 2)),
        "where": pa.array([{"lat": 1.0, "lon": 2.0}, {"lat": 3.0, "lon": 4.0}, None, None]),
    }
)
parquet.write_table(table, at("table.parquet"), row_group_size=2)
feather.write_feather(table, at("table.arrow"), compression="uncompressed")
feather.write_feather(table, at("tablePacked.arrow"), compression="zstd")
with pa.ipc.new_stream(at("table.arrows"), table.schema) as out:
    out.write_table(table)

with sqlite3.connect(at("table.sqlite")) as base:
    base.execute("pragma page_size = 512")
    base.execute(
        "create table points (id integer primary key, trip text not null, x real, [the day] date,"
        " data blob, note text default 'none', check (id > 0))"
    )
    base.execute("create table other (a)")
    rows = [
        (i, f"trip {i // 7}", None if i % 5 == 0 else i / 8, i, None, "ü" * (i % 11) * 50)
        for i in range(1, 400)
    ]
    base.executemany("insert into points values (?, ?, ?, ?, ?, ?)", rows)
    base.execute("delete from points where id between 100 and 120")
    base.execute("alter table points add column late integer")
    base.execute("insert into points values (9007199254740993, '', 1e300, -129, null, null, 40000)")
base.close()

with open(at("expected.json"), "w") as out:
    json.dump({"continuous": said(episodes), "discrete": said(discrete)}, out, indent=1)
    out.write("\n")
