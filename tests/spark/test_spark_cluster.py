"""`projner.spark.tag` on a real standalone cluster: one master, two workers, one of which is killed."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from spark_cluster import Cluster, cluster, environment, wait

import projner

pytestmark = pytest.mark.spark

ROOT = Path(__file__).parents[2]
PARTITIONS = 16
SMALL = {
    "spark.executor.memory": "512m",
    "spark.driver.memory": "512m",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
}


def articles() -> list[dict[str, Any]]:
    """Sentences of all kinds, an empty text and a missing one, in an order that can be told."""
    places = ("通化市", "白山市二道江区", "北京市朝阳区", "吉林省", "深圳市")
    firms = ("北辰乳业有限公司", "松原油田集团", "华电能源股份有限公司", "某公司")
    amounts = ("总投资1.14亿元", "年产值达到3-5亿元", "获得融资约2,000万美元", "拨款数百万元")
    texts: list[str | None] = [
        f"{place}{firm}的新项目{amount}，一期工程已经开工。项目建成后可实现利税{n}万元。" * 16
        for n, (place, firm, amount) in enumerate(product(places, firms, amounts))
    ]
    texts = [*texts, "", None] * 3
    return [{"id": f"a{n}", "text": text, "n": n} for n, text in enumerate(texts)]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


@pytest.fixture(scope="module")
def session(running: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(tmp_path_factory.mktemp("driver")).items():
            patch.setenv(name, value)
        settings = " ".join(f"--conf {name}={value}" for name, value in SMALL.items())
        patch.setenv("PYSPARK_SUBMIT_ARGS", f"{settings} pyspark-shell")
        started = SparkSession.builder.master(running.url).appName("tests").getOrCreate()
        try:
            yield started
        finally:
            gateway = started.sparkContext._gateway
            started.stop()
            gateway.shutdown()
            gateway.proc.stdin.close()
            gateway.proc.wait(timeout=30)


@pytest.fixture(scope="module")
def local() -> list[dict[str, Any]]:
    """What tagging in this process gives."""
    from datasets import Dataset

    return list(projner.tag_dataset(Dataset.from_list(articles())))


def rows(df: Any) -> list[dict[str, Any]]:
    return sorted((row.asDict(recursive=True) for row in df.collect()), key=lambda row: row["n"])


def without_error(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    assert [row["id"] for row in found if row["error"] is not None] == []
    return [{name: value for name, value in row.items() if name != "error"} for row in found]


def test_columns_are_those_of_tag_dataset(session: Any) -> None:
    from pyspark.sql.pandas.types import to_arrow_type

    from projner.batch.schema import entity_type, project_type

    new = projner.spark.schema()
    assert new.names == ["entities", "projects", "error"]
    assert to_arrow_type(new["entities"].dataType).value_type == entity_type()
    assert to_arrow_type(new["projects"].dataType).value_type == project_type()
    tagged = projner.spark.tag(session.createDataFrame([("x",)], "text string"))
    assert tagged.schema.fields[1:] == new.fields


def test_other_columns_pass_through_whatever_they_are(session: Any) -> None:
    df = session.sql(
        "select 1 as n, '吉林省拨款3000万元' as text, timestamp'2024-05-06 07:08:09' as at, map('a', 1) as m,"
        " cast(1.5 as decimal(10, 2)) as x, named_struct('y', array(1, 2)) as s, x'00ff' as b"
    )
    tagged = projner.spark.tag(df)
    assert tagged.schema.fields[: len(df.columns)] == df.schema.fields
    assert tagged.select(df.columns).collect() == df.collect()
    assert [entity["text"] for entity in rows(tagged)[0]["entities"]] == ["吉林省", "3000万元"]


def test_bad_rows_are_named_and_the_rest_is_tagged(session: Any) -> None:
    df = session.sql(
        "select n, case n when 1 then cast(x'e590e9' as string) when 2 then null"
        " else '拨款3000万元' end as text"
        " from range(4) as t(n)"
    )
    broken = rows(projner.spark.tag(df.coalesce(1)))
    assert [row["error"] for row in broken] == [
        None,
        "[P553] column 'text' holds no UTF-8 (byte 0xe5 at 0)",
        None,
        None,
    ]
    assert [row["entities"] and len(row["entities"]) for row in broken] == [1, None, None, 1]


def test_the_pipeline_is_loaded_once_a_python_worker(session: Any) -> None:
    df = session.createDataFrame(articles()[:40], "id string, text string, n long").repartition(8)
    projner.spark.tag(df).collect()
    projner.spark.tag(df).collect()

    def loads(batches: Any) -> Any:
        import pyarrow as pa

        from projner.batch.typed import tagger

        for _ in batches:
            info = tagger.cache_info()
            yield pa.RecordBatch.from_pydict({"loads": [info.misses], "uses": [info.hits]})

    found = session.range(0, 40, numPartitions=8).mapInArrow(loads, "loads long, uses long").collect()
    assert {row["loads"] for row in found} == {1}
    assert all(row["uses"] > 1 for row in found)


def test_recipe(local: list[dict[str, Any]], tmp_path: Path) -> None:
    """The job in docs/spark.md, handed to spark-submit."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    page = (ROOT / "docs/spark.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"<!-- job: .*?-->\n```python\n(.*?)```", page, re.S)
    job, source, target = tmp_path / "job.py", tmp_path / "articles", tmp_path / "tagged"
    job.write_text(code, encoding="utf-8")
    source.mkdir()
    some = slice(0, 100)
    pq.write_table(pa.Table.from_pylist(articles()[some]), source / "part.parquet")
    settings = [part for name, value in SMALL.items() for part in ("--conf", f"{name}={value}")]
    env = os.environ | environment(tmp_path)
    env.pop("PYSPARK_SUBMIT_ARGS", None)
    subprocess.run(
        [
            f"{env['SPARK_HOME']}/bin/spark-submit",
            *("--master", "local[1]"),  # the cluster's cores are taken
            *settings,
            str(job),
            str(source),
            str(target),
        ],
        env=env,
        check=True,
        timeout=300,
    )
    found = sorted(pq.read_table(target).to_pylist(), key=lambda row: row["n"])
    assert without_error(found) == local[some]


# Last, for it leaves the cluster with one worker.
def test_a_worker_killed_in_the_middle(running: Cluster, session: Any, local: list[dict[str, Any]]) -> None:
    df = session.createDataFrame(articles(), "id string, text string, n long").repartition(PARTITIONS, "n")
    tagged = projner.spark.tag(df)
    tracker = session.sparkContext.statusTracker()
    executors = len(tracker._jtracker.getExecutorInfos()) - 1  # the driver counts as one
    assert executors == 2
    result: list[list[dict[str, Any]]] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            result.append(rows(tagged))
        except BaseException as error:
            failure.append(error)

    def done() -> int:
        infos = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        return max((i.numCompletedTasks for i in infos if i and i.numActiveTasks == 2), default=0)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    wait(lambda: not thread.is_alive() or done() >= 4, "four tasks done", seconds=300)
    victim = running.workers[0]
    assert len(victim.pids()) >= 3, "a worker, its executor and Python"
    before = done()
    victim.kill()
    assert 4 <= before < PARTITIONS, "the kill was in the middle"
    assert not result, "the job was over before the kill"
    thread.join(timeout=300)
    assert failure == []
    assert len(result) == 1, "the job did not end"
    wait(lambda: len(tracker._jtracker.getExecutorInfos()) == 2, "the executor given up")
    assert without_error(result[0]) == local


def test_nothing_is_left_of_a_cluster_whose_test_failed(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), cluster(tmp_path, workers=1) as started:
        daemons = [started.master, *started.workers]
        assert all(daemon.pids() for daemon in daemons)
        raise ZeroDivisionError
    assert [pid for daemon in daemons for pid in daemon.pids()] == []
