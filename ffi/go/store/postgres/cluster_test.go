//go:build countersign_testhooks

package postgres_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/lib/pq"
)

// cluster is a PostgreSQL of the tests' own in a temporary folder, reached through a socket there.
// COUNTERSIGN_POSTGRES_BIN names the folder of its programs when they are neither on the path nor where
// Debian puts them.
type cluster struct {
	folder, programs string
	server           *exec.Cmd
	schemas          atomic.Int64
}

func start(t *testing.T) *cluster {
	t.Helper()
	// Short: a socket's path has to fit into 107 bytes.
	folder, err := os.MkdirTemp("", "cs-go-pg")
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{folder: folder, programs: programs(t)}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if os.Getuid() == 0 {
		run(t, exec.Command("chown", "postgres", folder))
	}
	data := filepath.Join(folder, "data")
	run(t, c.program("initdb", "--pgdata", data, "--username=bank", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"))
	c.server = c.program("postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "max_connections=200",
		"-c", "deadlock_timeout=50ms")
	log := &bytes.Buffer{}
	c.server.Stderr = log
	if err := c.server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		run(t, c.program("pg_ctl", "stop", "--silent", "--pgdata", data, "--mode", "immediate"))
		_ = c.server.Wait()
	})
	for until := time.Now().Add(time.Minute); c.program("pg_isready", "--quiet", "--host", folder).Run() != nil; {
		if time.Now().After(until) {
			t.Fatal("PostgreSQL does not start: ", log)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return c
}

// program is one of PostgreSQL's, which refuse to be root.
func (c *cluster) program(name string, arguments ...string) *exec.Cmd {
	path := filepath.Join(c.programs, name)
	if os.Getuid() == 0 {
		arguments = append([]string{"--reuid=postgres", "--regid=postgres", "--init-groups", path}, arguments...)
		path = "setpriv"
	}
	command := exec.Command(path, arguments...)
	command.Dir = c.folder
	return command
}

// database opens connections to an empty schema.
func (c *cluster) database(t *testing.T) *sql.DB {
	t.Helper()
	schema := fmt.Sprintf("s%d", c.schemas.Add(1))
	db := c.open(t, schema)
	if _, err := db.Exec("CREATE SCHEMA " + schema); err != nil {
		t.Fatal(err)
	}
	return db
}

func (c *cluster) open(t *testing.T, schema string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", c.address(schema))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(20)
	db.SetMaxIdleConns(20)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func (c *cluster) address(schema string) string {
	return fmt.Sprintf("host=%s user=bank dbname=postgres sslmode=disable search_path=%s", c.folder, schema)
}

func run(t *testing.T, command *exec.Cmd) {
	t.Helper()
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", command, err, output)
	}
}

func programs(t *testing.T) string {
	t.Helper()
	if named := os.Getenv("COUNTERSIGN_POSTGRES_BIN"); named != "" {
		return named
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if path, err := exec.LookPath("initdb"); err == nil {
		// It may be a link, with its companions elsewhere.
		if path, err = filepath.EvalSymlinks(path); err == nil {
			found = append(found, path)
		}
	}
	if len(found) == 0 {
		t.Fatal("PostgreSQL's programs (initdb, postgres) are needed: apt-get install postgresql")
	}
	return filepath.Dir(found[len(found)-1])
}
