"""A small shop with scenarios of every kind, for the cases of the rule e2e-scenarios."""

FEATURE = "features/login.feature"
SPEC = "e2e/checkout.spec.ts"
PAGE = "web/src/Checkout.tsx"
LOGIN = """Feature: Login
  Background:
    Given a user

  Scenario: Right password
    When I open /login
    And I run shop --fast-lane
    Then I am in

  @slow
  Scenario Outline: Wrong password
    When I enter <word>
    Then I am out

    Examples:
      | word |
      | abc  |
"""
CHECKOUT = """import { test, expect } from '@playwright/test';
import { pay } from './pages/checkout';

test.describe('Checkout', () => {
  test('pays by card', async ({ page }) => {
    await page.goto('/basket');
    await page.getByTestId('pay-button').click(); // pays
  });

  test("applies a coupon", async ({ page }) => {
    await page.getByText('Redeem coupon').click();
  });
});
"""
BUTTON = 'export const A = () => <button data-testid="pay-button">Pay</button>\n'
ROUTE = "from fastapi import FastAPI\napp = FastAPI()\n\n@app.get('/login')\ndef login():\n    return 1\n"
CLI = "import click\n\n@click.command()\n@click.option('--fast-lane')\ndef shop(fast_lane):\n    go(fast_lane)\n"
STEP = "from behave import when\n\n@when('I enter {word}')\ndef enter(context, word):\n    context.type(word)\n"
TEST = "from app.pay import pay\n\ndef test_pay():\n    assert pay(1) == 1\n"
PAY = "from app.money import rounded\n\ndef pay(x):\n    return rounded(x)\n"
MONEY = "def rounded(x):\n    return round(x, 2)\n"
NONE = "## E2E scenarios affected\n\nNone\n"
TREE = {
    FEATURE: LOGIN,
    SPEC: CHECKOUT,
    PAGE: BUTTON,
    "app/web.py": ROUTE,
    "app/cli.py": CLI,
    "features/steps/enter.py": STEP,
}
PY_TREE = {"tests/e2e/test_pay.py": TEST, "app/__init__.py": "", "app/pay.py": PAY, "app/money.py": MONEY}
