"""The folder that `nac init` makes: small, complete, and previewed and compiled by the first command."""

from __future__ import annotations

from pathlib import Path

FILES: dict[str, str] = {
    "notifications/nac.yaml": """\
# Settings of this project. Everything nac reads lies in this folder.
directories:
  people: # where recipients are looked up; also .json, .ndjson, .yaml, .parquet, .sqlite
    path: directories/people.csv
    user: # who a row is
      distinct_id: "{{ row.id }}"
      $email: ["{{ row.email }}"]
      $sms: ["{{ row.phone }}"]
      name: "{{ row.name }}"

env: # the environment variables that expressions may read, with the value that samples are shown with
  APP_URL: https://app.example.com
""",
    "notifications/directories/people.csv": """\
id,name,email,phone,team
u1,Ana Silva,ana@example.com,+12025550101,design
u2,Kofi Mensah,kofi@example.com,+12025550102,design
u3,Mei Tanaka,mei@example.com,,sales
""",
    "notifications/task-assigned.yaml": """\
# One trigger: what is sent, to whom, and with which data.
workflow: task-assigned # the slug of a workflow on SuprSend
description: Tell a team that one of its members took a task.
idempotency_key: "task-assigned-{{ event.task.id }}-{{ event.assignee.id }}"
actor:
  distinct_id: "{{ event.assignee.id }}"
  name: "{{ event.assignee.name }}"
recipients:
  - from: people
    where: team = $team # SQL; the value is bound, never pasted in
    params: { team: "{{ event.team }}" }
    except: "{{ event.assignee.id }}"
data:
  task: "{{ event.task.title }}"
  url: "{{ env.APP_URL }}/tasks/{{ event.task.id }}"
  tags: "{{ event.task.tags }}" # a lone expression keeps its type: this is a list
samples:
  - name: in the design team
    event:
      team: design
      assignee: { id: u1, name: Ana Silva }
      task: { id: t-42, title: Draw the empty states, tags: [app, first run] }
""",
    "notifications/templates/task-assigned/email.hbs": """\
---
subject: "{{{$actor.name}}} took {{{task}}}"
text: |
  Hi {{{$recipient.name}}},

  {{{$actor.name}}} took {{{task}}}{{#if tags}} ({{{join tags ", "}}}){{/if}}: {{{url}}}
---
<p>Hi {{$recipient.name}},</p>
<p>{{$actor.name}} took <a href="{{{url}}}">{{task}}</a>{{#if tags}} ({{join tags}}){{/if}}.</p>
""",
    "notifications/templates/task-assigned/sms.hbs": """\
{{{$actor.name}}} took "{{{task}}}": {{{url}}}
""",
}


class ExistsError(Exception):
    """Files that are already there; nothing was written."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__(", ".join(paths))
        self.paths = paths


def write_project(directory: Path) -> list[str]:
    """Write FILES below a directory and return their paths. Raises ExistsError before anything is written."""
    existing = [path for path in FILES if (directory / path).exists()]
    if existing:
        raise ExistsError(existing)
    for path, text in FILES.items():
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    return list(FILES)
