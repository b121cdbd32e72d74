rule php_runs_request
{
    meta:
        id = "php-runs-request"
        title = "PHP that executes what a request says"
        score = 600
        attack = "T1505.003"
    strings:
        $php = /<\?(php\s|=)/ nocase
        $sink = /\b(eval|assert|system|shell_exec|exec|passthru|popen|proc_open|pcntl_exec|create_function)\s{0,5}\(\s{0,5}(@?\w{1,30}\s{0,5}\(\s{0,5}){0,4}@?\$(_(GET|POST|REQUEST|COOKIE|SERVER|FILES)|\{['"]_(GET|POST|REQUEST))\b/ nocase
        $backtick = /`\s{0,5}\$_(GET|POST|REQUEST|COOKIE)\b/
        $called = /\$_(GET|POST|REQUEST|COOKIE)\[[^\]]{1,40}\]\s{0,3}\(\s{0,3}\$_(GET|POST|REQUEST|COOKIE)\b/
    condition:
        $php and any of ($sink, $backtick, $called)
}

rule php_runs_decoded
{
    meta:
        id = "php-runs-decoded"
        title = "PHP that decodes itself and executes the result"
        score = 500
        attack = "T1027"
    strings:
        $php = /<\?(php\s|=)/ nocase
        $sink = /\b(eval|assert)\s{0,5}\(\s{0,5}(@?\w{1,30}\s{0,5}\(\s{0,5}){0,4}(base64_decode|gzinflate|gzuncompress|gzdecode|str_rot13|strrev|hex2bin|convert_uudecode)\s{0,5}\(\s{0,5}(\w{1,30}\s{0,5}\(\s{0,5}){0,4}['"$]/ nocase
    condition:
        $php and $sink
}

rule asp_runs_request
{
    meta:
        id = "asp-runs-request"
        title = "A server page that executes what a request says"
        score = 600
        attack = "T1505.003"
    strings:
        $asp = /<%[^%]{0,200}\b(eval|execute|executeglobal)[\s(]{1,5}request\b/ nocase
        $jsp = /\.getRuntime\s{0,3}\(\s{0,3}\)\s{0,3}\.exec\s{0,3}\(\s{0,3}request\.getParameter\b/
        $builder = /new\s{1,5}ProcessBuilder\s{0,3}\([^)]{0,200}request\.getParameter\b/
    condition:
        $asp or ((uint8(0) == 0x3c or filesize < 100KB) and ($jsp or $builder))
}
