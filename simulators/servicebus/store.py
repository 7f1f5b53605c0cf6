"""What survives a restart, in one SQLite file.

The broker works in memory and notes its changes here; a commit writes them in one transaction
before any answer leaves. From then on they are with the kernel, so a killed process loses nothing;
a power cut may lose the last moments.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from simulators.servicebus.broker.journal import Remembered
from simulators.servicebus.broker.message import Message, State
from simulators.servicebus.broker.message_format import read_stored, write_stored
from simulators.servicebus.broker.settings import QueueSettings

_SCHEMA = """
CREATE TABLE IF NOT EXISTS queue (
    name TEXT PRIMARY KEY, requires_session INTEGER, next_sequence INTEGER);
CREATE TABLE IF NOT EXISTS message (
    queue TEXT, sequence INTEGER, state INTEGER, enqueued_at INTEGER, enqueued_sequence INTEGER,
    delivery_count INTEGER, scheduled_for INTEGER, expires_at INTEGER, content BLOB,
    PRIMARY KEY (queue, sequence));
CREATE TABLE IF NOT EXISTS session (queue TEXT, id TEXT, state BLOB, PRIMARY KEY (queue, id));
CREATE TABLE IF NOT EXISTS seen (queue TEXT, key TEXT, until INTEGER, PRIMARY KEY (queue, key));
CREATE TABLE IF NOT EXISTS clock (id INTEGER PRIMARY KEY CHECK (id = 0), ahead_ms INTEGER);
"""

type _Rows = list[tuple[Any, ...]]


class StoreError(Exception):
    """The data directory cannot be used; the text is one sentence for a person."""


class SqliteStore:
    """A journal in `directory`, which one simulator has for itself."""

    def __init__(self, directory: Path) -> None:
        try:
            directory.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(directory / "servicebus.sqlite", timeout=1)
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"The data directory {directory} cannot be used: {error}.") from error
        self._forget_pending()

    def _forget_pending(self) -> None:
        self._messages: dict[tuple[str, int], Message | None] = {}
        self._next_sequences: dict[str, int] = {}
        self._sessions: dict[tuple[str, str], bytes | None] = {}
        self._seen: dict[tuple[str, str], int | None] = {}
        self._ahead_ms: int | None = None

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    # what was there

    def declare(self, queues: Iterable[QueueSettings]) -> None:
        """Take note of the queues; StoreError when one was stored with sessions the other way."""
        with self._database:
            for queue in queues:
                self._declare(queue)

    def _declare(self, queue: QueueSettings) -> None:
        self._database.execute(
            "INSERT OR IGNORE INTO queue VALUES (?, ?, 1)", (queue.name, queue.requires_session)
        )
        was = self._database.execute(
            "SELECT requires_session FROM queue WHERE name = ?", (queue.name,)
        ).fetchone()
        if bool(was[0]) is not queue.requires_session:
            raise StoreError(
                f"Queue '{queue.name}' was stored with RequiresSession {str(bool(was[0])).lower()},"
                " which cannot change: restore the setting or remove the data directory."
            )

    def ahead_ms(self) -> int:
        """Return by how much the clock ran ahead."""
        row = self._database.execute("SELECT ahead_ms FROM clock").fetchone()
        return int(row[0]) if row else 0

    def recall(self) -> dict[str, Remembered]:
        """Return everything that was committed, by queue name."""
        queues = {
            name: Remembered(next_sequence)
            for name, next_sequence in self._rows("SELECT name, next_sequence FROM queue")
        }
        for queue, *columns in self._rows("SELECT * FROM message ORDER BY sequence"):
            if queue in queues:
                queues[queue].messages.append(_message(*columns))
        for queue, session_id, state in self._rows("SELECT * FROM session"):
            if queue in queues:
                queues[queue].sessions[session_id] = state
        for queue, key, until in self._rows("SELECT * FROM seen"):
            if queue in queues:
                queues[queue].seen[key] = until
        return queues

    def _rows(self, query: str) -> _Rows:
        return self._database.execute(query).fetchall()

    # what changes

    def keep_message(self, queue: str, message: Message) -> None:
        """Write the message at the next commit."""
        self._messages[queue, message.sequence] = message

    def drop_message(self, queue: str, sequence: int) -> None:
        """Delete the message at the next commit."""
        self._messages[queue, sequence] = None

    def keep_next_sequence(self, queue: str, sequence: int) -> None:
        """Write the next sequence number at the next commit."""
        self._next_sequences[queue] = sequence

    def keep_session_state(self, queue: str, session_id: str, state: bytes | None) -> None:
        """Write or delete a session's state at the next commit."""
        self._sessions[queue, session_id] = state

    def keep_seen(self, queue: str, key: str, until: int | None) -> None:
        """Write or delete a seen message id at the next commit."""
        self._seen[queue, key] = until

    def keep_clock(self, ahead_ms: int) -> None:
        """Write by how much the clock runs ahead at the next commit."""
        self._ahead_ms = ahead_ms

    def commit(self) -> None:
        """Write all changes noted since the last commit in one transaction."""
        if not (self._messages or self._sessions or self._seen or self._next_sequences) and (
            self._ahead_ms is None
        ):
            return
        with self._database:
            self._write_messages()
            self._write_keyed("session", self._sessions)
            self._write_keyed("seen", self._seen)
            self._database.executemany(
                "UPDATE queue SET next_sequence = ? WHERE name = ?",
                [(value, queue) for queue, value in self._next_sequences.items()],
            )
            if self._ahead_ms is not None:
                self._database.execute("REPLACE INTO clock VALUES (0, ?)", (self._ahead_ms,))
        self._forget_pending()

    def _write_messages(self) -> None:
        gone = [key for key, message in self._messages.items() if message is None]
        self._database.executemany("DELETE FROM message WHERE queue = ? AND sequence = ?", gone)
        self._database.executemany(
            "REPLACE INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [_row(queue, m) for (queue, _), m in self._messages.items() if m is not None],
        )

    def _write_keyed(self, table: str, changes: dict[tuple[str, str], Any]) -> None:
        key = {"session": "id", "seen": "key"}[table]
        gone = [pair for pair, value in changes.items() if value is None]
        kept = [(*pair, value) for pair, value in changes.items() if value is not None]
        self._database.executemany(f"DELETE FROM {table} WHERE queue = ? AND {key} = ?", gone)
        self._database.executemany(f"REPLACE INTO {table} VALUES (?, ?, ?)", kept)


def _row(queue: str, message: Message) -> tuple[Any, ...]:
    return (
        queue,
        message.sequence,
        int(message.state),
        message.enqueued_at,
        message.enqueued_sequence,
        message.delivery_count,
        message.scheduled_for,
        message.expires_at,
        write_stored(message),
    )


def _message(
    sequence: int,
    state: int,
    enqueued_at: int,
    enqueued_sequence: int | None,
    delivery_count: int,
    scheduled_for: int | None,
    expires_at: int,
    content: bytes,
) -> Message:
    message = read_stored(content)
    message.sequence, message.state = sequence, State(state)
    message.enqueued_at, message.enqueued_sequence = enqueued_at, enqueued_sequence
    message.delivery_count, message.scheduled_for = delivery_count, scheduled_for
    message.expires_at = expires_at
    return message
