// SPDX-License-Identifier: Apache-2.0
#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/io/file.hpp"
#include "sign/keys/key_provider.hpp"

namespace bulla::sign {

namespace {

Result<crypto::SecretBytes> read_key_file(std::string_view path) {
    auto bytes = read_file(std::string(path), limits::kKeyFileBytes);
    if (!bytes) {
        Error error = std::move(bytes.error());
        error.code = ErrorCode::configuration;
        error.message = "the key cannot be read: " + error.message;
        error.hint = "give the path of a key file, or env://VARIABLE; make one with: "
                     "bulla-sign keygen";
        return error;
    }
    return crypto::SecretBytes::take(std::move(*bytes));
}

/// A key in a file, named by its path.
class FileProvider final : public KeyProvider {
  public:
    std::string_view id() const override { return "file"; }

    std::string_view form() const override { return "PATH"; }

    bool takes(std::string_view reference) const override {
        // A path may hold a colon, so only what peers use as a scheme of keys is not one.
        return reference.find("://") == std::string_view::npos && !reference.starts_with("pkcs11:");
    }

    Result<std::unique_ptr<Signer>> signer(std::string_view reference,
                                           const PasswordSource& password) const override {
        BULLA_TRY_ASSIGN(const crypto::SecretBytes pem, read_key_file(reference));
        BULLA_TRY_ASSIGN(crypto::PrivateKey key,
                         parse_private_key(pem.view(), password, reference));
        return make_signer(std::move(key));
    }

    Result<crypto::PublicKey> public_key(std::string_view reference) const override {
        BULLA_TRY_ASSIGN(const crypto::SecretBytes pem, read_key_file(reference));
        return parse_public_key(pem.view(), reference);
    }
};

} // namespace

std::unique_ptr<KeyProvider> make_file_provider() {
    return std::make_unique<FileProvider>();
}

} // namespace bulla::sign
