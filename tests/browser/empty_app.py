"""The least that Streamlit draws: what its own page is found guilty of is not ours."""

import streamlit as st

st.title("Empty")
