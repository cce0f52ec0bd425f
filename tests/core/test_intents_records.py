"""Whatever a shop calls its fields, and whatever it puts into them: orders and goods are read, bounded and calm."""

import pytest

from core.intents import records, telling
from core.replies import Speaker

ENGLISH = Speaker("Lumi", True, "en", {})
SHOPIFY = {
    "data": {
        "orders": {
            "edges": [
                {
                    "node": {
                        "name": "#1001",
                        "fulfillmentStatus": "IN_TRANSIT",
                        "totalPrice": {"amount": "42.50", "currencyCode": "EUR"},
                        "lineItems": {"nodes": [{"title": "Mug", "price": {"amount": "42.50", "currencyCode": "EUR"}}]},
                        "fulfillments": [{"trackingInfo": [{"number": "1Z999", "url": "https://evil.example"}]}],
                        "processedAt": "2026-11-20T10:00:00Z",
                    }
                }
            ]
        }
    }
}


def test_an_order_in_another_shops_words():
    (order,) = records.orders(SHOPIFY)
    assert (order.number, order.status, order.tracking) == ("#1001", "in transit", ("1Z999",))
    assert telling.order(ENGLISH, order).splitlines() == [
        "Order **#1001** is **in transit**.",
        "",
        "- Placed on November 20, 2026",
        "- Tracking: 1Z999",
        "- Total: €42.50",
        "- Mug, €42.50",
    ]
    assert "**unterwegs**" in telling.order(Speaker("Lumi", True, "de", {}), order)


@pytest.mark.parametrize("content", [None, 7, "text", [], {}, {"orders": "none"}, {"orders": [None, 3, {"id": 1}]}])
def test_what_is_no_order_is_none(content):
    assert records.orders(content) == []
    assert records.products(content) == []


def test_nothing_of_a_shop_becomes_markup_or_leads_anywhere():
    row = {
        "order_id": "**1** [x](https://evil.example)",
        "status": "pending\n# Heading <b>",
        "items": [{"name": "![pixel](https://evil.example/p.png) https://evil.example", "price": 1}],
    }
    text = telling.order(ENGLISH, records.orders(row)[0])
    assert "evil.example" not in text
    assert "\n#" not in text
    assert "<b>" not in text.replace("\\<b\\>", "")


def test_much_is_cut_short():
    rows = [{"order_id": str(number), "status": "pending" * 100} for number in range(500)]
    found = records.orders({"orders": rows})
    assert len(found) == records.MOST_ORDERS
    assert len(found[0].status) == 40


def test_goods_with_a_range_of_prices_and_nothing_there():
    row = {
        "title": "Mug",
        "price_range": {"min": {"amount": 900, "currency": "USD"}},
        "media": [{"url": "https://cdn.shopify.com/mug.png"}],
        "variants": [
            {"title": "Red", "price": {"amount": 12.0, "currency": "USD"}, "available": False},
            {"title": "Blue", "price": {"amount": 10.0, "currency": "USD"}, "available": False},
        ],
    }
    (mug,) = records.products({"products": [row]})
    assert (mug.is_there, mug.is_from, mug.picture) == (False, True, "https://cdn.shopify.com/mug.png")
    assert telling.card(ENGLISH, mug)["price"] == "from $10.00"
    assert telling.card(ENGLISH, mug)["note"] == "Not available now"


def test_a_price_reads_as_what_it_is():
    (product,) = records.products({"products": [{"name": "Robe \u202e00.01\u202c", "price": 94}]})
    assert product.name == "Robe 00.01"
