#include <cairn/auth/profile.hpp>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>

namespace cairn::auth {
namespace {

constexpr std::size_t max_file_bytes = 4 * 1024 * 1024;

std::string in_home(const std::string& home, std::string_view path) {
    if (home.empty()) return {};
    std::string out = home;
    if (out.back() != '/') out += '/';
    return out.append(path);
}

std::string locate(const environment& env, const char* variable, std::string_view usual) {
    const auto home = env("HOME").value_or("");
    const auto chosen = first_set(env, {variable});
    if (!chosen) return in_home(home, usual);
    return chosen->starts_with("~/") ? in_home(home, chosen->substr(2)) : *chosen;
}

error unreadable(const std::string& path, int number) {
    error e(errc::invalid_configuration, "can't read " + path);
    e.cause(error_code(number, boost::system::generic_category()));
    return e;
}

// In a home that belongs to someone else, as containers often have it, no file can be seen.
result<std::string> absent_or_unreadable(const std::string& path, int number) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return std::string();
    return unreadable(path, number);
}

// The whole file; empty when there is none.
result<std::string> read_if_there(const std::string& path) {
    if (path.empty()) return std::string();
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                               std::fclose);
    if (!file) return absent_or_unreadable(path, errno);
    std::string text;
    char piece[8192];
    std::size_t n = 0;
    do {
        n = std::fread(piece, 1, sizeof piece, file.get());
        if (text.size() + n > max_file_bytes)
            return error(errc::invalid_configuration, path + " is larger than 4 MiB");
        text.append(piece, n);
    } while (n == sizeof piece);
    if (std::ferror(file.get()) != 0) return unreadable(path, errno);
    return text;
}

result<shared_config> load_file(const std::string& path, config_kind kind) {
    auto text = read_if_there(path);
    if (!text) return text.error();
    return parse_config_file(*text, kind, path);
}

std::string names_of(const sections& all) {
    std::string out;
    for (const auto& [name, values] : all) out += (out.empty() ? "" : ", ") + name;
    return out;
}

error not_found(const profile& wanted, const sections& all) {
    error e(errc::invalid_configuration, wanted.description() + " doesn't exist");
    e.hint(all.empty() ? "the files have no profiles" : "the files have: " + names_of(all));
    return e;
}

}  // namespace

file_locations locate_files(const environment& env) {
    return {locate(env, "AWS_CONFIG_FILE", ".aws/config"),
            locate(env, "AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials")};
}

std::string selected_profile(const environment& env, std::string_view wanted) {
    if (!wanted.empty()) return std::string(wanted);
    return first_set(env, {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}).value_or("default");
}

std::string_view profile::operator[](std::string_view key) const noexcept {
    const auto at = values.find(key);
    return at == values.end() ? std::string_view{} : at->second;
}

std::string profile::description() const {
    const auto shown = [](const std::string& path) {
        return path.empty() ? "no file: HOME is not set" : path;
    };
    if (files.config == files.credentials)
        return "profile '" + name + "' (" + shown(files.config) + ")";
    return "profile '" + name + "' (" + shown(files.config) + ", " + shown(files.credentials) + ")";
}

result<profile> load_profile(const environment& env, std::string_view wanted) {
    profile out;
    out.name = selected_profile(env, wanted);
    out.files = locate_files(env);
    auto config = load_file(out.files.config, config_kind::config);
    if (!config) return config.error();
    auto credentials = load_file(out.files.credentials, config_kind::credentials);
    if (!credentials) return credentials.error();
    auto all = merge(std::move(*config), std::move(*credentials));
    const auto at = all.profiles.find(out.name);
    out.found = at != all.profiles.end();
    if (!out.found && out.name != "default") return not_found(out, all.profiles);
    if (out.found) out.values = std::move(at->second);
    out.services = std::move(all.services);
    return out;
}

}  // namespace cairn::auth
