"""What a widget shows follows from the address, whatever the session remembers of another one."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash


def pages() -> None:
    """Three pages; the first two choose one thing, under the same name."""
    import streamlit as st

    from dashboard import state

    def choosing() -> None:
        moments = ("before", "now")
        st.segmented_control("Moment", moments, **state.choice(state.MOMENT, moments, "before"))

    def too() -> None:
        choosing()

    shown = [
        st.Page(choosing, url_path="", default=True),
        st.Page(too, url_path="too"),
        st.Page(lambda: None, url_path="empty", title="Empty"),
    ]
    current = st.navigation(shown, position="hidden")
    state.drawing(current.url_path)
    current.run()
    state.drawn()


def test_a_page_is_shown_as_its_address_says_whatever_page_was_before() -> None:
    app = AppTest.from_function(pages, default_timeout=60).run()
    for page in ("too", "", "empty", "too", "empty", ""):
        app._page_hash = calc_hash(page)
        app.run()
        assert not app.exception
        assert [one.value for one in app.button_group] == ["before"] * (page != "empty"), page


def test_a_page_that_was_not_drawn_to_its_end_tells_its_widgets_their_values_again() -> None:
    def broken_off() -> None:
        import streamlit as st

        from dashboard import state

        state.drawing("page")
        st.toggle("Hide", **state.switch(state.MASK))
        if not st.checkbox("whole"):
            st.stop()
        state.drawn()

    def told(app: AppTest) -> bool:
        return bool(app.toggle[0].proto.set_value)

    app = AppTest.from_function(broken_off, default_timeout=60).run()
    assert told(app.run())
    assert told(app.checkbox[0].check().run())
    assert not told(app.run())


def test_a_widget_with_other_limits_is_told_its_value_too() -> None:
    def script() -> None:
        import streamlit as st

        from dashboard import state

        most = 60 if st.checkbox("many") else 40
        st.slider("Newest events", 5, most, **state.number(state.NEWEST, 5, most, 30))

    app = AppTest.from_function(script, default_timeout=60).run()
    assert app.slider[0].value == 30
    app.checkbox[0].check().run()
    assert (app.slider[0].max, app.slider[0].value) == (60, 30)


def test_what_nobody_chose_goes_along_with_the_next_change() -> None:
    def script() -> None:
        import streamlit as st

        from dashboard import state

        state.drawing("page")
        if state.read("user"):
            state.settle(seen="run~1~2")
        st.text(str(state.settled()))
        st.text(str(state.link()))
        st.button("next", on_click=state.write, kwargs={"user": "u08", "item": None})

    app = AppTest.from_function(script, default_timeout=60)
    app.query_params |= {"user": "u07", "item": "i01"}
    app.run()
    assert [text.value for text in app.text] == [
        "('user=u07&item=i01', 'user=u07&item=i01&seen=run~1~2')",
        "{'user': ['u07'], 'item': ['i01'], 'seen': ['run~1~2']}",
    ]
    assert app.query_params == {"user": "u07", "item": "i01"}
    app.button[0].click().run()
    assert app.query_params == {"user": "u08", "seen": "run~1~2"}
