"""The server: `streamlit run dashboard/app.py`. What `gate.py` lets through, `router.py` draws."""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware

from dashboard.gate import FilesOfAdmitted, KnownHosts, known_hosts
from recommender.owner_only import mend, owner_only
from recommender.workspace.places import home

owner_only()
mend(home())

app = st.App(
    "router.py",
    middleware=[Middleware(KnownHosts, names=known_hosts()), Middleware(FilesOfAdmitted)],
)
