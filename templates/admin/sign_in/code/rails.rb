# app/controllers/chat_tokens_controller.rb, and in config/routes.rb: get "chat-token", to: "chat_tokens#show"
require "base64"
require "json"
require "openssl"

class ChatTokensController < ApplicationController
  def show
    return head :not_found unless current_customer # However your shop knows who is signed in.

    response.headers["Cache-Control"] = "no-store"
    render plain: token_for(current_customer)
  end

  private

  def token_for(customer)
    now = Time.now.to_i
    claims = { sub: customer.id.to_s, name: customer.name, email: customer.email, iat: now, exp: now + 300 }
    content = "#{part({ alg: "HS256", typ: "JWT" })}.#{part(claims)}"
    "#{content}.#{base64url(OpenSSL::HMAC.digest("SHA256", ENV.fetch("PORCHLIGHT_SECRET"), content))}"
  end

  def part(claims)
    base64url(JSON.generate(claims))
  end

  def base64url(octets)
    Base64.urlsafe_encode64(octets, padding: false)
  end
end
