// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "sign/keys/key_provider.hpp"

#include <cstdlib>

namespace bulla::sign {

namespace {

constexpr std::string_view kScheme = "env://";

Result<ByteView> read_variable(std::string_view reference) {
    const std::string name(reference.substr(kScheme.size()));
    const char* const value = name.empty() ? nullptr : std::getenv(name.c_str());
    if (value == nullptr) {
        return Error{ErrorCode::configuration,
                     "the environment variable \"" + text::printable(name) +
                         "\" that should hold the key is not set"}
            .with_hint("export " + (name.empty() ? "VARIABLE" : text::printable(name)) +
                       "=\"$(cat my.key)\"")
            .at(text::printable(reference));
    }
    return ByteView(value);
}

/// A key as PEM text in an environment variable, as CI systems hand out secrets.
class EnvProvider final : public KeyProvider {
  public:
    std::string_view id() const override { return "env"; }

    std::string_view form() const override { return "env://VARIABLE"; }

    bool takes(std::string_view reference) const override { return reference.starts_with(kScheme); }

    Result<std::unique_ptr<Signer>> signer(std::string_view reference,
                                           const PasswordSource& password) const override {
        BULLA_TRY_ASSIGN(const ByteView pem, read_variable(reference));
        BULLA_TRY_ASSIGN(crypto::PrivateKey key, parse_private_key(pem, password, reference));
        return make_signer(std::move(key));
    }

    Result<crypto::PublicKey> public_key(std::string_view reference) const override {
        BULLA_TRY_ASSIGN(const ByteView pem, read_variable(reference));
        return parse_public_key(pem, reference);
    }
};

} // namespace

std::unique_ptr<KeyProvider> make_env_provider() {
    return std::make_unique<EnvProvider>();
}

} // namespace bulla::sign
