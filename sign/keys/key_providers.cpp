// SPDX-License-Identifier: Apache-2.0
#include "sign/keys/key_providers.hpp"

#include "base/core/text.hpp"

#include <array>

namespace bulla::sign {

namespace {

constexpr std::array<KeyProviderFactory, 2> kProviders{
    make_file_provider,
    make_env_provider,
};

Result<std::unique_ptr<KeyProvider>> provider_of(std::string_view reference) {
    std::string forms;
    for (const KeyProviderFactory make : kProviders) {
        std::unique_ptr<KeyProvider> provider = make();
        if (provider->takes(reference)) {
            return provider;
        }
        forms += (forms.empty() ? "" : ", ") + std::string(provider->form());
    }
    return Error{ErrorCode::configuration,
                 "no key provider takes the reference \"" + text::printable(reference) + "\""}
        .with("supported", forms);
}

} // namespace

std::span<const KeyProviderFactory> key_providers() {
    return kProviders;
}

Result<std::unique_ptr<Signer>> load_signer(std::string_view reference,
                                            const PasswordSource& password) {
    BULLA_TRY_ASSIGN(const auto provider, provider_of(reference));
    return provider->signer(reference, password);
}

Result<crypto::PublicKey> load_public_key(std::string_view reference) {
    BULLA_TRY_ASSIGN(const auto provider, provider_of(reference));
    return provider->public_key(reference);
}

} // namespace bulla::sign
