// SPDX-License-Identifier: Apache-2.0
#include "oci/store/tag_update.hpp"

#include "base/core/text.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <random>
#include <thread>

namespace bulla::oci {

namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

/// Losses in a row before we give up: the pauses in between spread dozens of writers out.
constexpr int kAttempts = 12;
/// Readings that were outdated before we could write; each is another writer's success.
constexpr int kOutdated = 200;
/// Looks at a tag that others keep adding to. Our part was there each time.
constexpr int kLooks = 4;
/// The least pause before the first look, for registries that answer faster than a process that
/// shares the processor is woken.
constexpr microseconds kLeastPause{4'000};
/// The least pause before another look once others are known to write: longer than the turn that a
/// busy machine gives to somebody else.
constexpr microseconds kLeastContendedPause{60'000};
constexpr microseconds kMostPause{2'000'000};

/// One lock for each tag that is being written in this process: our own threads need not race.
class TagLock {
  public:
    explicit TagLock(const std::string& key) {
        const std::lock_guard lock(table_mutex());
        auto& slot = table()[key];
        if (slot == nullptr) {
            slot = std::make_shared<std::mutex>();
        }
        mutex_ = slot;
    }

    std::mutex& mutex() { return *mutex_; }

  private:
    static std::mutex& table_mutex() {
        static std::mutex mutex;
        return mutex;
    }

    static std::map<std::string, std::shared_ptr<std::mutex>>& table() {
        static std::map<std::string, std::shared_ptr<std::mutex>> table;
        return table;
    }

    std::shared_ptr<std::mutex> mutex_; ///< shared by those that wait for it
};

class TagUpdate {
  public:
    TagUpdate(Repository& repository, const std::string& tag, const NextContent& next)
        : repository_(repository), tag_(tag), next_(next) {}

    Result<StoredManifest> run();

  private:
    Status look();
    Status write(const TagContent& content, bool& outdated);
    Result<bool> lasts(const Digest& written);
    void pause_between(microseconds least, microseconds most);

    Repository& repository_;
    const std::string& tag_;
    const NextContent& next_;
    std::optional<StoredManifest> current_{};
    steady_clock::time_point read_at_{}; ///< when the reading was asked for
    microseconds exposure_{0}; ///< the longest time from such a moment to the end of a write
    bool contended_ = false;
    int losses_ = 0;
    std::minstd_rand random_{std::random_device()()}; ///< of pauses alone
};

Status TagUpdate::look() {
    read_at_ = steady_clock::now();
    auto stored = repository_.fetch_tag(tag_);
    if (stored) {
        current_ = std::move(*stored);
    } else if (stored.error().code == ErrorCode::not_found) {
        current_.reset();
    } else {
        return std::move(stored.error());
    }
    return ok();
}

void TagUpdate::pause_between(microseconds least, microseconds most) {
    const auto low = std::min(least, kMostPause).count();
    const auto high = std::max(std::min(most, kMostPause).count(), low);
    std::this_thread::sleep_for(
        microseconds(std::uniform_int_distribution<microseconds::rep>(low, high)(random_)));
}

/// Writes, unless the reading has become old while blobs were stored.
Status TagUpdate::write(const TagContent& content, bool& outdated) {
    if (!content.blobs.empty()) {
        BULLA_TRY(put_blobs(repository_, content.blobs));
        const auto before = current_ ? std::optional(current_->descriptor.digest) : std::nullopt;
        BULLA_TRY(look());
        const auto after = current_ ? std::optional(current_->descriptor.digest) : std::nullopt;
        outdated = before != after;
        if (outdated) {
            return ok();
        }
    }
    BULLA_TRY(repository_.put_manifest(content.manifest, tag_));
    exposure_ = std::max(exposure_,
                         std::chrono::duration_cast<microseconds>(steady_clock::now() - read_at_));
    return ok();
}

/// Whether our part is still there when those who read the tag before it was must be through.
Result<bool> TagUpdate::lasts(const Digest& written) {
    Digest seen = written;
    for (int number = 0; number < kLooks; ++number) {
        // One lucky write says little about others on a busy machine; the slowest answer of all our
        // requests says more. A reading and a write are two.
        const auto held_up = std::max(exposure_, repository_.slowest_answer());
        if (number == 0) {
            const auto least = std::max(3 * held_up, kLeastPause);
            pause_between(least, least + least / 4);
        } else {
            const auto least = std::max((3 + number) * held_up, kLeastContendedPause);
            pause_between(least, 2 * least);
        }
        BULLA_TRY(look());
        BULLA_TRY_ASSIGN(const auto missing, next_(current_ ? &*current_ : nullptr));
        if (missing) {
            contended_ = true;
            return false;
        }
        const bool quiet = current_->descriptor.digest == seen;
        contended_ = contended_ || !quiet;
        if (quiet && (number > 0 || !contended_)) {
            break;
        }
        seen = current_->descriptor.digest;
    }
    return true;
}

Result<StoredManifest> TagUpdate::run() {
    BULLA_TRY(look());
    int outdated_readings = 0;
    while (losses_ < kAttempts && outdated_readings < kOutdated) {
        BULLA_TRY_ASSIGN(const auto wanted, next_(current_ ? &*current_ : nullptr));
        if (!wanted && !current_) {
            return Error{ErrorCode::internal, "nothing is to be stored under the tag " + tag_};
        }
        // If it was not we who put it there, it is its writer who stays to watch over it. If we
        // did, it came back after it had been lost, and may be lost again.
        if (!wanted && losses_ == 0) {
            return std::move(*current_);
        }
        if (wanted) {
            bool outdated = false;
            BULLA_TRY(write(*wanted, outdated));
            if (outdated) {
                contended_ = true;
                ++outdated_readings;
                continue;
            }
        }
        BULLA_TRY_ASSIGN(
            const bool lasting,
            lasts(wanted ? wanted->manifest.descriptor.digest : current_->descriptor.digest));
        if (lasting) {
            return std::move(*current_);
        }
        ++losses_;
        pause_between(microseconds(0), exposure_ * (1 << std::min(losses_, 5)));
        BULLA_TRY(look());
    }
    return Error{ErrorCode::unavailable,
                 "the tag " + tag_ + " of " + text::printable(repository_.name()) +
                     " was overwritten by other writers again and again"}
        .with_hint("run the same command again");
}

} // namespace

Result<StoredManifest>
update_shared_tag(Repository& repository, const std::string& tag, const NextContent& next) {
    TagLock lock(repository.name() + ":" + tag);
    const std::lock_guard held(lock.mutex());
    return TagUpdate(repository, tag, next).run();
}

} // namespace bulla::oci
