import assert from "node:assert/strict";
import { test } from "node:test";

import { ScrollKeeper } from "../../static/js/widget/frame/scroll-keeper.js";

const makeView = (content) => ({ top: Math.max(0, content - 400), height: 400, content });

test("a reader at the end stays at the end", () => {
  const view = makeView(1000);
  const keeper = new ScrollKeeper(view);
  view.content = 1100;
  keeper.settle();
  assert.equal(view.top, 700);
});

test("a reader who has scrolled up is left alone, and is not at the end", () => {
  const view = makeView(1000);
  const keeper = new ScrollKeeper(view);
  view.top = 200;
  keeper.moved();
  view.content = 1100;
  keeper.settle();
  assert.deepEqual([view.top, keeper.isAtEnd], [200, false]);
});

test("a reply taller than the view is shown from its start", () => {
  const view = makeView(1000);
  const keeper = new ScrollKeeper(view);
  view.content = 2000;
  keeper.settle(1000);
  assert.equal(view.top, 988);
  assert.equal(keeper.isAtEnd, false);
});

test("the scroll that settling causes is not taken for the reader's", () => {
  const view = makeView(1000);
  const keeper = new ScrollKeeper(view);
  view.content = 2000;
  keeper.settle(1000);
  keeper.moved();
  view.content = 1300;
  keeper.settle();
  assert.equal(view.top, 900);
});

test("what comes after a tall reply does not take its start away from the reader", () => {
  const view = makeView(1000);
  const keeper = new ScrollKeeper(view);
  view.content = 2000;
  keeper.settle(1000);
  keeper.settle();
  view.content = 2100;
  keeper.settle(2000);
  assert.equal(view.top, 988);
});

test("coming back to the end follows again", () => {
  const view = makeView(1000);
  const keeper = new ScrollKeeper(view);
  view.top = 0;
  keeper.moved();
  view.top = 590;
  keeper.moved();
  view.content = 1200;
  keeper.settle();
  assert.equal(view.top, 800);
});

test("an own message brings the reader to the end", () => {
  const view = makeView(1000);
  const keeper = new ScrollKeeper(view);
  view.top = 0;
  keeper.moved();
  keeper.follow();
  assert.equal(view.top, 600);
});
