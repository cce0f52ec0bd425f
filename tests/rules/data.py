from sqlalchemy import delete, literal_column, select, text, update

from models import db
from models.agents import Agent


def raw(connection, name):
    # ruleid: raw-sql
    connection.execute(text("SELECT 1"))
    # ruleid: raw-sql
    connection.exec_driver_sql("PRAGMA x")
    # ruleid: raw-sql
    connection.execute(f"DELETE FROM agents WHERE name = '{name}'")
    # ruleid: raw-sql
    connection.execute("DELETE FROM agents WHERE name = '%s'" % name)
    # ruleid: raw-sql
    connection.execute("DELETE FROM agents WHERE name = '{}'".format(name))
    # ruleid: raw-sql
    connection.execute("DELETE FROM agents")
    # ruleid: raw-sql
    order = literal_column(name)
    # ok: raw-sql
    return connection.execute(select(Agent).where(Agent.name == name).order_by(order))


def everybody(workspace):
    # ruleid: query-of-everybody
    select(Agent)
    # ruleid: query-of-everybody
    select(Agent).order_by(Agent.name).limit(1)
    # ruleid: query-of-everybody
    update(Agent).values(name="Lumi")
    # ruleid: query-of-everybody
    delete(Agent)
    # ruleid: query-of-everybody, query-in-a-page-of-the-admin
    db.session.query(Agent).all()
    # ok: query-of-everybody
    select(Agent).where(Agent.workspace_id == workspace.id).order_by(Agent.name)
    # ok: query-of-everybody
    delete(Agent).where(Agent.workspace_id == workspace.id)


def page(agent_id):
    # ruleid: query-in-a-page-of-the-admin
    db.session.get(Agent, agent_id)
    # ruleid: query-in-a-page-of-the-admin
    db.session.scalar(select(Agent).where(Agent.id == agent_id))
    # ok: query-in-a-page-of-the-admin
    db.session.remove()
