"""Twenty-seven tools of a shop's assistant. All answer from memory; one fails now and then, as tools do."""

import logging

log = logging.getLogger("chatbot.tools")

ORDERS = {"A-17": {"status": "shipped", "total": 42.5}, "A-18": {"status": "open", "total": 12.0}}
PRODUCTS = {"umbrella": 19.9, "raincoat": 59.0, "boots": 89.0}


class Unavailable(Exception):
    """A system behind a tool does not answer."""


def find_order(order_id):
    log.debug("looking up order %s among %d", order_id, len(ORDERS))
    return ORDERS[order_id]


def cancel_order(order_id):
    log.debug("order %s is %s", order_id, ORDERS[order_id]["status"])
    if ORDERS[order_id]["status"] == "shipped":
        raise Unavailable("the warehouse has sent it already")
    return {"order_id": order_id, "status": "cancelled"}


def search_products(text):
    log.debug("query plan: full scan of %d products for %r", len(PRODUCTS), text)
    return [name for name in PRODUCTS if text in name]


def price_of(product):
    return PRODUCTS[product]


def _answering(name, answer):
    """A tool that always says the same."""

    def tool(**arguments):
        log.debug("%s is asked %s", name, arguments)
        return answer

    tool.__name__ = name
    return tool


SIMPLE = {
    "stock_of": 7, "delivery_days": 2, "track_parcel": "in Lisbon", "list_orders": list(ORDERS), "refund": "booked", "open_ticket": "T-1",
    "close_ticket": "closed", "opening_hours": "9 to 18", "nearest_store": "Baixa", "store_stock": 3, "currency_rate": 1.09, "tax_rate": 0.23,
    "loyalty_points": 120, "redeem_points": "ok", "voucher_value": 5, "size_guide": "M", "similar_products": ["raincoat"],
    "reviews_of": 4.6, "warranty_of": "2 years", "gift_wrap": "added", "change_address": "saved", "newsletter": "subscribed",
    "call_back": "tomorrow",
}  # fmt: skip

TOOLS = {tool.__name__: tool for tool in (find_order, cancel_order, search_products, price_of)}
TOOLS.update({name: _answering(name, answer) for name, answer in SIMPLE.items()})
