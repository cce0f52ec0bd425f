<?php
// chat-token.php
session_start();
header('Cache-Control: no-store');
header('Content-Type: text/plain');

$customer = $_SESSION['customer'] ?? null; // However your shop knows who is signed in.
if ($customer === null) {
    http_response_code(404);
    exit;
}
echo token_for($customer);

function token_for(array $customer): string
{
    $now = time();
    $claims = [
        'sub' => (string) $customer['id'],
        'name' => $customer['name'],
        'email' => $customer['email'],
        'iat' => $now,
        'exp' => $now + 300,
    ];
    $content = part(['alg' => 'HS256', 'typ' => 'JWT']) . '.' . part($claims);
    return $content . '.' . base64url(hash_hmac('sha256', $content, getenv('PORCHLIGHT_SECRET'), true));
}

function part(array $claims): string
{
    return base64url(json_encode($claims, JSON_THROW_ON_ERROR));
}

function base64url(string $octets): string
{
    return rtrim(strtr(base64_encode($octets), '+/', '-_'), '=');
}
