"""The names of tables and columns, said once."""

from typing import Final, Literal

TableName = Literal["interactions", "items", "users"]

USER: Final = "user_id"
ITEM: Final = "item_id"
TIME: Final = "time"
EVENT: Final = "event"
BASKET: Final = "basket_id"
QUANTITY: Final = "quantity"
PRICE: Final = "price"
RATING: Final = "rating"
OUTCOME: Final = "outcome"
TITLE: Final = "title"
IMAGE: Final = "image_url"
UNDATED: Final = "undated"
